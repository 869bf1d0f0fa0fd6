"""What a builder needs to show and call the blocks, as documents and packages made from the manifest."""
