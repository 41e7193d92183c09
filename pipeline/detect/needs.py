"""What detecting and reporting need of a person: the watch list and the signal register."""

from pipeline.detect import register, watch_file
from pipeline.needs import human_file

REGISTER = human_file("register", register.FILE_NAME, register.read_register)
WATCHES = human_file("watches", watch_file.FILE_NAME, watch_file.read_watches)
