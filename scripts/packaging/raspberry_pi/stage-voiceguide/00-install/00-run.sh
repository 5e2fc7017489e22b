#!/bin/bash -e
# The Debian package lies beside this file (scripts/packaging/raspberry_pi/README.md).
install -m 644 files/voiceguide_*_arm64.deb "${ROOTFS_DIR}/tmp/voiceguide.deb"
on_chroot <<'CHROOT'
apt-get install -y /tmp/voiceguide.deb
rm /tmp/voiceguide.deb
CHROOT
