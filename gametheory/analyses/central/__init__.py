"""What happens at the central values, and how firmly does it stand?"""
