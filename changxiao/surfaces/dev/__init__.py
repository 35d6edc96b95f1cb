"""开发页: only with CHANGXIAO_DEBUG=1: become any post, move the clock, see partials and the flow,
ask why X may not see Y. Elsewhere neither the app nor its addresses exist."""
