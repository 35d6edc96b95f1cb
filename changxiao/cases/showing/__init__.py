"""公开照片 showing: which photos of a public case the public sees, and with what covered.

A case is public by `cases.public`; a photo of it only after a person looked, or where the city's
rule for a named kind lets a sure detector decide. Verbs: `release_photo`, `pass_photo` (the
system's), `withhold_photo`, `hide_photo`, `put_back_photo`. A clip is never public; from colleagues
it is hidden by `hide_clip` and given back by `show_clip`.
"""
