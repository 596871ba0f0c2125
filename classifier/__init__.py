"""Tag: from an article version to its topics, with the reasons."""
