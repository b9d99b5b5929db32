"""Under which few conditions does something happen?"""
