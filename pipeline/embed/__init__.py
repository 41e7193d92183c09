"""Turn segments and reports into vectors."""
