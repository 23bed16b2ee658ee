"""Runs the set-up cell once in a real kernel: argv is the cell, then the kernel's command line."""

import sys

from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import KernelManager


def main() -> int:
    cell, argv = sys.argv[1], sys.argv[2:]
    manager = KernelManager()
    manager._kernel_spec = KernelSpec(argv=argv, display_name="Rust", language="rust", interrupt_mode="message")
    manager.start_kernel()
    try:
        client = manager.client()
        client.start_channels()
        client.wait_for_ready(timeout=600)
        errors = []

        def output(message):
            if message["msg_type"] == "error":
                errors.append("\n".join(message["content"]["traceback"]) or message["content"]["evalue"])

        client.execute_interactive(cell, output_hook=output)
        print("\n".join(errors))
        return 1 if errors else 0
    finally:
        manager.shutdown_kernel()


sys.exit(main())
