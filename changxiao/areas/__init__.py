"""地域 areas: districts 区, streets 街道, communities 社区, unit grids 单元网格, duty grids 责任网格.

Reference data of a city, loaded once (`load.load`), and the answer to "where is this point?"
(`locate`). GB/T 30428.1 for grids and their codes. Outlines without a source are generated and say so.
"""
