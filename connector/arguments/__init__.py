"""What was given for a block's fields → its normal form, or every problem at once."""
