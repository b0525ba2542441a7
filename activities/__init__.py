"""What workflows ask the world to do; each file opens with what it needs from it."""
