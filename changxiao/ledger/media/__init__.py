"""照片 media: originals in the vault, clean pictures for the eye (reliability.md §6.3, steps 1–7).

Verbs: `store` takes one uploaded photo in, `open_original` takes the original out with a reason.
Nothing in the web process decodes a picture: `clean` does, alone, limited, one file and gone.
"""
