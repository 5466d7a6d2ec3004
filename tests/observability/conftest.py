"""Ends with the line "N passed, N failed"."""


def pytest_terminal_summary(terminalreporter):
    counts = {kind: len(terminalreporter.stats.get(kind, [])) for kind in ("passed", "failed", "error")}
    terminalreporter.config.okr_closing_line = f"{counts['passed']} passed, {counts['failed'] + counts['error']} failed"


def pytest_unconfigure(config):
    print(getattr(config, "okr_closing_line", "0 passed, 0 failed"))
