"""The workbench: what a person decides, decided in the browser, on the person's own machine."""
