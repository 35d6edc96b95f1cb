"""领导页: what somebody answers for in red, amber, green; 日报 by signed link; 督办 in two taps."""
