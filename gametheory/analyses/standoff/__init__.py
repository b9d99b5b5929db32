"""When does standing firm pay, and when the next level?"""
