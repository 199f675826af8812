"""Storms: real dispatchers, killed again and again, or left without their database."""
