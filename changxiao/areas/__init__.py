"""地域 areas: 区 districts, 街道 streets, 社区 communities, 单元网格 unit and 责任网格 duty grids.

Reference data of a city, loaded once (`load.load`), and the answer to "where is this point?"
(`locate`). GB/T 30428.1 for grids and their codes. Outlines without a source are generated and
say so (docs/places.md).
"""
