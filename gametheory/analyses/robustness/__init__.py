"""How far can the assumptions move before the result is overturned?"""
