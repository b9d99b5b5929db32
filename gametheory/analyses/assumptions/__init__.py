"""Does a conclusion survive other assumptions about how the game is played?"""
