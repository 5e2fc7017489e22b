# Sets up what scripts/run and scripts/test need. Sourced; bash 3.2 (macOS) is enough.
#
#   set_up run|test|train   makes $ROOT/.venv and brings missing system packages, or does nothing
#   set_up_extra NAME       the same for run, and what the extra NAME of pyproject.toml needs
#
# Everything said here goes to stderr, and nothing here reads stdin: both belong to the program.
# A finished set-up leaves .venv/.set-up-for-{run,test} with a sum of all it was made from; while
# one is under way .venv/.unfinished exists, and whoever finds that later begins afresh.

ROOT=$(cd -P "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../.." && pwd)
VENV=$ROOT/.venv
PYTHON=$VENV/bin/python

_say() { printf 'voiceguide: %s\n' "$*" >&2; }

_stop() { # one sentence
    _say "$*"
    exit 1
}

# Of requirements/run.txt, those without a wheel for a 32-bit processor (docs/platforms.md).
WITHOUT_32_BIT_WHEELS='espeakng-loader, numpy, pyyaml and soxr'

# ---------------------------------------------------------------- is there anything to do?

_set_up_sum() { # run|test -> a sum over all that the set-up depends on (one process, some ms)
    {
        cat "$ROOT/pyproject.toml" "$ROOT/scripts/lib/setup.sh" "$ROOT/requirements/build.txt" \
            "$ROOT/requirements/$1.txt" "$VENV/pyvenv.cfg"
        printf '%s\n' "$ROOT"
        readlink -f "$PYTHON"
    } 2>/dev/null | cksum
}

_is_set_up() { # run|test
    local stamp=$VENV/.set-up-for-$1
    [[ -f $stamp && -x $PYTHON && -x $VENV/bin/voiceguide && ! -e $VENV/.unfinished ]] &&
        [[ $(<"$stamp") == "$(_set_up_sum "$1")" ]]
}

set_up() { # run|test
    if ! _is_set_up "$1" || _should_install_system_packages "$1"; then
        _lock
        trap '_say "set-up interrupted; the next start takes it up again"; exit 130' INT TERM
        _is_set_up "$1" || _make_environment "$1"
        ! _should_install_system_packages "$1" || _install_system_packages "$1"
        trap - INT TERM
        _unlock
    fi
    _name_missing_system_packages "$1"
}

set_up_extra() { # NAME
    local name=extra-$1
    [[ -f $ROOT/requirements/$name.txt ]] || _stop "there is no extra $1"
    ! _is_set_up "$name" || return 0
    set_up run
    _lock
    trap '_say "set-up interrupted; the next start takes it up again"; exit 130' INT TERM
    if ! _is_set_up "$name"; then
        _say "installing what $1 needs, the locked packages of requirements/$name.txt ..."
        _install --require-hashes -r "$ROOT/requirements/$name.txt"
        [[ $1 != gpio ]] || _bring_lgpio
        _set_up_sum "$name" >"$VENV/.set-up-for-$name"
    fi
    trap - INT TERM
    _unlock
}

# ---------------------------------------------------------------- one at a time

_lock() {
    if command -v flock >/dev/null; then
        exec 9<"$ROOT/scripts/lib/setup.sh"
        flock -n 9 && return
        _say "another start is setting up; waiting for it ..."
        flock 9
        return
    fi
    # No flock on macOS: a folder is made by one only; its owner's number tells whether it lives.
    LOCK_FOLDER=${TMPDIR:-/tmp}/voiceguide-set-up-$(printf '%s' "$ROOT" | cksum | tr ' ' -)
    local said='' owner
    until mkdir "$LOCK_FOLDER" 2>/dev/null; do
        owner=$(cat "$LOCK_FOLDER/owner" 2>/dev/null || true)
        if [[ -n $owner ]] && ! kill -0 "$owner" 2>/dev/null; then
            rm -rf "$LOCK_FOLDER"
            continue
        fi
        [[ -n $said ]] || _say "another start is setting up; waiting for it ..."
        said=yes
        sleep 0.2
    done
    echo $$ >"$LOCK_FOLDER/owner"
    trap 'rm -rf "$LOCK_FOLDER"' EXIT
}

_unlock() {
    if [[ -n ${LOCK_FOLDER:-} ]]; then
        rm -rf "$LOCK_FOLDER"
        trap - EXIT
    else
        exec 9<&-
    fi
}

# ---------------------------------------------------------------- the virtual environment

_make_environment() { # run|test
    local started=$SECONDS python=''
    export PYTHONUNBUFFERED=1 PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_INPUT=1 PIP_USER=0
    unset PYTHONHOME PIP_TARGET PIP_PREFIX

    _refuse_32_bit
    [[ -w $ROOT ]] || _stop "cannot write to $ROOT; copy the project to a folder of yours"
    if [[ -e $VENV || -L $VENV ]] && ! _is_usable_environment; then
        _say "removing $VENV, which is unfinished or made elsewhere"
        rm -rf "$VENV"
    fi
    if [[ ! -e $VENV ]]; then
        command -v uv >/dev/null || { _find_python && python=$FOUND; }
        mkdir "$VENV"
        : >"$VENV/.unfinished"
        if [[ -z $python ]]; then
            _say "making .venv with uv"
            uv venv --quiet --allow-existing --python '>=3.11,<3.15' "$VENV" </dev/null >&2 ||
                _stop "uv could not make $VENV; see the lines above"
        else
            _say "making .venv with $("$python" --version)"
            "$python" -m venv "$VENV" </dev/null >&2 ||
                _stop "$python could not make $VENV; see the lines above"
        fi
    fi
    : >"$VENV/.unfinished"
    rm -f "$VENV"/.set-up-for-*
    : >"$VENV/setup.log"

    _say "installing the locked packages of requirements/$1.txt ..."
    _install --require-hashes -r "$ROOT/requirements/build.txt"
    _install --require-hashes -r "$ROOT/requirements/$1.txt"
    [[ $1 != train ]] || _install_torch
    _install --editable "$ROOT"

    _set_up_sum run >"$VENV/.set-up-for-run" # what the tests need includes what a run needs
    [[ $1 == run ]] || _set_up_sum "$1" >"$VENV/.set-up-for-$1"
    rm -f "$VENV/.unfinished"
    _say "set up in $((SECONDS - started)) s ($(du -sh "$VENV" | cut -f 1) in .venv)"
}

_refuse_32_bit() { # by the programs, not the kernel: Raspberry Pi OS 32-bit has a 64-bit one
    [[ $(getconf LONG_BIT 2>/dev/null) == 32 ]] || return 0
    _stop "this is a 32-bit system, for which $WITHOUT_32_BIT_WHEELS have no packages;" \
        "install a 64-bit one (a Raspberry Pi Zero 2 W, 3, 4 or 5 runs Raspberry Pi OS (64-bit))"
}

_is_usable_environment() { # also one that somebody made by hand
    [[ ! -e $VENV/.unfinished ]] &&
        grep -qF "$VENV" "$VENV/bin/activate" 2>/dev/null &&
        _is_suitable "$PYTHON" &&
        { command -v uv >/dev/null || "$PYTHON" -c 'import pip' 2>/dev/null; }
}

_is_suitable() { # PYTHON: one for which the locked packages have wheels (docs/platforms.md)
    # By running it: a name in PATH may be a stub (pyenv, macOS).
    "$1" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 15))' 2>/dev/null
}

_find_python() { # -> FOUND: a Python that can make environments
    local name without=''
    for name in python3 python3.14 python3.13 python3.12 python3.11 python; do
        _is_suitable "$name" || continue
        FOUND=$name
        "$name" -c 'import ensurepip, venv' 2>/dev/null && return
        without=${without:-$name}
    done
    [[ -n $without ]] ||
        _stop "no Python 3.11 to 3.14 found; install one from your system or python.org, or uv" \
            "(https://docs.astral.sh/uv), and start again"
    # Debian and Ubuntu keep a part of Python's own library in a package of its own.
    FOUND=$without
    local package
    package=$("$FOUND" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')
    if command -v apt-get >/dev/null; then
        _apt_install "$package" || true
        "$FOUND" -c 'import ensurepip, venv' 2>/dev/null && return
    fi
    _stop "$FOUND lacks its module ensurepip; type: sudo apt-get install $package"
}

# --no-deps: the files are complete. --no-build-isolation: what builds is locked too.
_install() { # further arguments of "pip install"
    local offline='' code=0
    if command -v uv >/dev/null; then
        [[ $1 != --editable ]] || offline=--offline
        uv pip install --python "$PYTHON" --no-deps --no-build-isolation --compile-bytecode \
            $offline "$@" </dev/null 2>&1 | _tell || code=$?
    else
        [[ $1 != --editable ]] || offline=--no-index
        "$PYTHON" -m pip install --no-deps --no-build-isolation --retries 2 \
            --no-warn-script-location --progress-bar off $offline "$@" \
            </dev/null 2>&1 | _tell || code=$?
    fi
    ((code == 0)) && return
    # Packages are fetched before any is installed, so what was there before still works.
    ((code > 128)) || rm -f "$VENV/.unfinished"
    _stop "packages could not be installed (is there a network?); the whole story is in" \
        "$VENV/setup.log; start again to go on"
}

# lgpio has wheels up to Python 3.12 (docs/platforms.md). For a newer one the files of Raspberry Pi
# OS's package are linked into the environment: no other package of the system is seen there.
_bring_lgpio() {
    [[ $(uname -s) == Linux ]] || return 0 # pyproject.toml wants it on Linux only
    local files
    ! "$PYTHON" -c 'import _lgpio' 2>/dev/null || return 0
    files=$(_lgpio_of_the_system)
    if [[ -z $files ]] && command -v apt-get >/dev/null; then
        _apt_install python3-lgpio || true
        files=$(_lgpio_of_the_system)
    fi
    [[ -n $files ]] || _stop "lgpio, which moves the pins, is not on PyPI for $("$PYTHON" --version);" \
        "install your system's and start again (on Raspberry Pi OS: sudo apt-get install" \
        "python3-lgpio; Debian itself has none)"
    (
        IFS=$'\n'
        # shellcheck disable=SC2086 # one name a line
        ln -sf $files "$("$PYTHON" -c 'import sysconfig; print(sysconfig.get_path("platlib"))')/"
    )
    "$PYTHON" -c 'import _lgpio' 2>/dev/null ||
        _stop "your system's lgpio is for another Python than $("$PYTHON" --version) in .venv;" \
            "remove the folder .venv and start again with Python 3.11 or 3.12, or that of the system"
}

_lgpio_of_the_system() { # -> its files, one a line; found, not imported: that makes a named pipe
    /usr/bin/python3 -c 'from importlib.util import find_spec
print(find_spec("lgpio").origin, find_spec("_lgpio").origin, sep="\n")' 2>/dev/null || true
}

# PyTorch's files differ with the machine (with or without CUDA), so they are not in the locked
# list: only the version is pinned, and an index of your own (PIP_EXTRA_INDEX_URL) may give another.
_install_torch() {
    local version
    version=$(sed -n 's/^ *"\(torch==.*\)",\{0,1\}$/\1/p' "$ROOT/pyproject.toml")
    _say "installing $version ..."
    if command -v uv >/dev/null; then
        uv pip install --python "$PYTHON" "$version" </dev/null 2>&1 | _tell
    else
        "$PYTHON" -m pip install --progress-bar off "$version" </dev/null 2>&1 | _tell
    fi || _stop "$version could not be installed; see $VENV/setup.log; start again to go on"
}

_tell() { # of what pip or uv prints: what is fetched, its size, and what went wrong
    local line said file rest
    while IFS= read -r line; do
        printf '%s\n' "$line" >>"$VENV/setup.log"
        line=${line#"${line%%[![:space:]]*}"}
        said=''
        case $line in
        *.metadata*) ;;
        'Downloading '*-*.whl' '* | 'Downloading '*-*.tar.gz' '* | 'Using cached '*-*)
            read -r file rest <<<"${line#Downloading }"
            [[ $file != Using ]] || read -r _ file rest <<<"${line#Using }"
            file=${file%.tar.gz}
            said="${file%%-*} $(cut -d - -f 2 <<<"$file") $rest"
            ;;
        'Building wheels'*) said="building ${line##*: }" ;;
        'Installing collected'*,*) said="installing $(tr ',' '\n' <<<"$line" | wc -l) packages" ;;
        'Installing collected'*) said="installing ${line##*: }" ;;
        'Downloading '* | 'Prepared '* | 'Installed '*) said=$line ;; # as uv words it
        ERROR* | error* | *'Caused by'* | *'╰─▶'*) said=$line ;;
        esac
        [[ -z $said ]] || printf '  %s\n' "$said" >&2
    done
}

# ---------------------------------------------------------------- packages of the system

_has_library() { # FILE
    local folder
    for folder in /usr/lib/*-linux-gnu* /usr/lib /usr/lib64 /usr/local/lib; do
        [[ ! -e $folder/$1 ]] || return 0
    done
    [[ $(PATH=$PATH:/sbin:/usr/sbin ldconfig -p 2>/dev/null) == *[[:space:]]$1\ * ]]
}

# -> Debian's names: in MISSING of what is needed, in WELCOME of what is better than what we carry
_missing_system_packages() { # run|test
    MISSING='' WELCOME=''
    [[ $(uname -s) == Linux ]] || return 0 # elsewhere PortAudio comes inside sounddevice
    _has_library libportaudio.so.2 || MISSING+=' libportaudio2'
    case $(uname -m) in
    aarch64 | arm64)
        # Vosk's wheel for this processor carries all it needs but this one.
        _has_library libatomic.so.1 || MISSING+=' libatomic1'
        # Preferred here to the one in espeakng-loader (voiceguide/edge/libraries/espeak_library.py).
        _has_library libespeak-ng.so.1 || WELCOME+=' libespeak-ng1'
        ;;
    esac
    if [[ $1 == train ]]; then
        # Voices and music for training; whatever is missing is left out of it.
        local program
        for program in espeak-ng flite festival fluidsynth; do
            command -v "$program" >/dev/null || MISSING+=" $program"
        done
        command -v RHVoice-test >/dev/null || MISSING+=' rhvoice rhvoice-english'
        [[ -e /usr/share/sounds/sf2/FluidR3_GM.sf2 ]] || MISSING+=' fluid-soundfont-gm'
        [[ -d /usr/share/festival/voices/us/cmu_us_slt_arctic_hts ]] ||
            MISSING+=' festvox-us-slt-hts festvox-kdlpc16k'
        return 0
    fi
    [[ $1 == test ]] || return 0
    [[ -x /usr/sbin/mosquitto ]] || command -v mosquitto >/dev/null || MISSING+=' mosquitto'
    command -v pulseaudio >/dev/null || MISSING+=' pulseaudio'
    _has_library alsa-lib/libasound_module_pcm_pulse.so || MISSING+=' libasound2-plugins'
    _has_browser || MISSING+=' chromium'
}

_has_browser() { # one that the tests of the page can drive (voiceguide/show/print_pdf.py)
    local name
    for name in chromium chromium-browser google-chrome google-chrome-stable; do
        ! command -v "$name" >/dev/null || return 0
    done
    return 1
}

_should_install_system_packages() { # run|test: true at most once an hour
    _missing_system_packages "$1"
    [[ -n $MISSING$WELCOME ]] && command -v apt-get >/dev/null &&
        [[ -z $(find "$VENV/.apt-tried-$1" -mmin -60 2>/dev/null) ]] && _find_root
}

_find_root() { # -> AS_ROOT: what to put before a command to run it as root
    AS_ROOT=()
    ((EUID != 0)) || return 0
    AS_ROOT=(sudo -n)
    command -v sudo >/dev/null && sudo -n true 2>/dev/null
}

_install_system_packages() { # run|test|train
    : >"$VENV/.apt-tried-$1"
    # shellcheck disable=SC2086 # a list of plain names
    _apt_install $MISSING $WELCOME || true
}

_apt_install() { # PACKAGE...: those that this machine's apt knows, for it installs all or nothing
    local renewed='' code=0
    _find_root || return 1
    _ask_apt "$@"
    if [[ -n $UNKNOWN ]] || ! _has_apt_lists; then _renew_apt_lists "$@"; fi
    [[ -z $UNKNOWN ]] || _say "apt knows no$UNKNOWN here; going on without"
    [[ -n $KNOWN ]] || return 1
    _say "installing$KNOWN with apt-get"
    # shellcheck disable=SC2086 # a list of plain names
    _apt install $KNOWN || code=$?
    if ((code)) && [[ -z $renewed ]]; then # the list may name versions that are gone
        _renew_apt_lists "$@"
        code=0
        # shellcheck disable=SC2086 # a list of plain names
        _apt install $KNOWN || code=$?
    fi
    return $code
}

_has_apt_lists() {
    command -v apt-cache >/dev/null && compgen -G '/var/lib/apt/lists/*Packages*' >/dev/null
}

_renew_apt_lists() { # PACKAGE...: and asks again which of them apt knows
    renewed=yes
    _say "renewing apt's list of packages first"
    _apt update || true
    _ask_apt "$@"
}

_ask_apt() { # PACKAGE... -> KNOWN, UNKNOWN: what apt could install here; without its lists, all
    local line name='' package
    KNOWN='' UNKNOWN=''
    if ! _has_apt_lists; then
        KNOWN=" $*"
        return
    fi
    while IFS= read -r line; do
        case $line in
        [!\ ]*:) name=${line%:} ;;
        '  Candidate: (none)') ;;
        '  Candidate: '*) KNOWN+=" $name" ;;
        esac
    done < <(LC_ALL=C apt-cache policy "$@" 2>/dev/null)
    for package in "$@"; do
        [[ "$KNOWN " == *" $package "* ]] || UNKNOWN+=" $package"
    done
}

_apt() { # install PACKAGE... | update
    local action=$1 log
    shift
    log=$([[ -d $VENV ]] && echo "$VENV/setup.log" || echo /dev/null)
    ${AS_ROOT[@]+"${AS_ROOT[@]}"} env DEBIAN_FRONTEND=noninteractive \
        apt-get -y -q -o DPkg::Lock::Timeout=60 -o Acquire::Retries=1 \
        -o Acquire::http::Timeout=20 --no-install-recommends "$action" "$@" \
        </dev/null 2>&1 9<&- | tee -a "$log" | { grep -E '^(Need to get|Get:|E:|Err:)' || true; } |
        sed 's/^/  /' >&2
}

_name_missing_system_packages() { # run|test|train
    _missing_system_packages "$1"
    [[ -n $MISSING ]] || return 0
    local what='no sound'
    case $1$MISSING in
    train*' espeak-ng'* | train*' fest'* | train*' flite'* | train*' rhvoice'*)
        what='some voices are left out of training'
        ;;
    train*' fluid'*) what='music of instruments is left out of training' ;;
    test*) what='some tests are left out' ;;
    *libportaudio2*libatomic1*) what='it neither sounds nor hears' ;;
    *libatomic1*) what='it hears nothing' ;;
    esac
    if ! command -v apt-get >/dev/null; then
        _say "$what until you install with your system's command what Debian calls:$MISSING"
        return
    fi
    # shellcheck disable=SC2086 # a list of plain names
    _ask_apt $MISSING
    if [[ -n $KNOWN ]]; then
        _say "$what until you type: sudo apt-get install$KNOWN${UNKNOWN:+; apt knows no$UNKNOWN here}"
    else
        _say "$what: apt knows no$UNKNOWN here"
    fi
}
