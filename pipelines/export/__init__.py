"""An archive's articles and tables in other people's formats. Pure functions but for `folder`, `single`, `tables`."""
