"""演示案卷 samples: some weeks of a living city, built by acting through the verbs.

`plan` decides everything beforehand from a seed (pure: who reports what where, which way each case
goes and when); `acting` does it, verb by verb in the order of time, under keys that repeat; `build`
brings components, pictures, cases and the first checkpoint together. Nothing here writes a row.
"""
