"""Run a saved site's own server, whose answers then leave at once.

    serve_promptly.py SCRIPT [ARGUMENT ...]

It writes head and body apart; the machine would keep the body back until the head is confirmed,
which on a kept connection takes 40 ms a page: minutes over all the saved nights.
"""

import runpy
import socketserver
import sys

socketserver.StreamRequestHandler.disable_nagle_algorithm = True
sys.argv = sys.argv[1:]
runpy.run_path(sys.argv[0], run_name="__main__")
