"""The demo district: invented units, websites and posts with a known answer."""
