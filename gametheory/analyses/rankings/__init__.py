"""What follows from the order of values alone?"""
