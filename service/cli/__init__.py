"""The command line; `service.cli.app` is where it begins."""
