"""The learned reader: an article cut into windows of tokens, read by a small encoder."""

from mapper.reader.model import OnnxReader, ReaderError, open_reader, reader_version

__all__ = ["OnnxReader", "ReaderError", "open_reader", "reader_version"]
