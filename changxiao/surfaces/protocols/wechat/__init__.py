"""微信公众号: a follower's messages into one report, and answers by customer message.

A channel as its neighbours are: a key and a seal (`sealing`), words into ours (`reading`), a view
that stores what came and answers at once, and work done by the worker (`jobs`, `talking`) that ends
in `cases.actions.report`. Off where `wechat/` in the home holds no account.
"""
