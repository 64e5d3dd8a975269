"""The ways patients reach us: each channel a package that receives and sends."""
