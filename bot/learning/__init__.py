"""What staff's reviews teach: topics by name, masking, and files for the training data and the catalogue."""
