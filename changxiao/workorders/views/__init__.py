"""工单页: the list, one order, taking a file, the sources of 设置."""
