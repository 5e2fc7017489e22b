"""HTML to PDF by a Chromium-like browser, where one is installed; it is given no network."""

import shutil
import subprocess
from pathlib import Path

from voiceguide.core.errors import SettingsError
from voiceguide.edge.system.children import scratch_folder
from voiceguide.edge.system.whole_file import write_whole

BROWSERS = (
    *("chromium", "chromium-browser", "google-chrome", "google-chrome-stable"),
    *("microsoft-edge", "msedge", "chrome"),
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)
"""The browsers to try, by their names in PATH; those with free licences come first."""
LIMIT_SECONDS = 60.0


def find_browser() -> str | None:
    """The browser to print with; None if there is none."""
    return next((found for name in BROWSERS if (found := shutil.which(name))), None)


def write_pdf(html: str, path: Path) -> None:
    """Print a page that needs nothing from the network into a PDF file.

    Raises:
        SettingsError: there is no browser, it failed, or the file cannot be written.
    """
    browser = find_browser()
    if browser is None:
        raise SettingsError(
            "a PDF needs Chromium or Chrome, and there is none; "
            f"write {path.stem}.html instead and print it from any browser"
        )
    with scratch_folder() as folder:
        page, made = Path(folder, "card.html"), Path(folder, "card.pdf")
        page.write_text(html, encoding="utf-8")
        command = [
            browser,
            "--headless",
            "--disable-gpu",
            # Its sandbox does not start as root or in many containers, and the page is our own.
            "--no-sandbox",
            "--disable-extensions",
            "--no-pdf-header-footer",
            "--host-resolver-rules=MAP * ~NOTFOUND",
            f"--user-data-dir={folder}/profile",
            f"--print-to-pdf={made}",
            page.as_uri(),
        ]
        try:
            subprocess.run(command, capture_output=True, timeout=LIMIT_SECONDS, check=True)
            data = made.read_bytes()
        except (OSError, subprocess.SubprocessError) as error:
            raise SettingsError(f"{browser} could not print the card: {error}") from error
        write_whole(path, data)
