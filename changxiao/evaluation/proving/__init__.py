"""证据文件 proving: files of the media vault behind an answered gap task and behind the items of a
score sheet: taken in with a form, shown to whoever sees what they stand behind."""
