"""差距任务 gaps: what a result of others took off, or a shortcoming of a bulletin, as a task of the
unit that answers for it: answered with words and evidence, accepted by the office or sent back."""
