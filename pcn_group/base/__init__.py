"""What every other package may use: errors, files, paths, wording, progress, versions."""
