"""Read one captured page: pure, one module for each family of site software."""
