"""Who computes the parts of row steps: this process, others on the machine, or a cluster."""
