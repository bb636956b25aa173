"""The command line, one module per verb; ``dark-core --help`` lists them."""
