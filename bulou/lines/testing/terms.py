"""The words of testing: tubes and swabs, results, who was found in a tube (核酸检测)."""
