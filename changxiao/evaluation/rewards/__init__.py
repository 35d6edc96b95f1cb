"""奖惩决定 rewards: what the rules of a sealed evaluation propose, and what is decided."""
