# Sourced by the scripts at the root. find_jdk sets JAVA_HOME to a JDK 25 or later, or ends the
# script with one line that says what is missing.

jdk_version() { # prints the feature version of the JDK at $1, 0 if it is none
    if [ -x "$1/bin/javac" ] && [ -r "$1/release" ]; then
        v=$(sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$1/release")
        echo "${v:-0}"
    else
        echo 0
    fi
}

find_jdk() {
    on_path=$(command -v javac 2>/dev/null || true)
    if [ -n "$on_path" ]; then
        on_path=$(dirname "$(dirname "$(readlink -f "$on_path" 2>/dev/null || echo "$on_path")")")
    fi
    mac=
    if [ -x /usr/libexec/java_home ]; then
        mac=$(/usr/libexec/java_home -v 25+ 2>/dev/null || true)
    fi
    for candidate in "${JAVA_HOME:-}" "$on_path" "$mac" /usr/lib/jvm/* /usr/java/* /opt/java/* \
        /opt/jdk* "$HOME"/.sdkman/candidates/java/* "$HOME"/.jdks/* "$HOME"/.jenv/versions/* \
        /Library/Java/JavaVirtualMachines/*/Contents/Home; do
        if [ -n "$candidate" ] && [ "$(jdk_version "$candidate")" -ge 25 ]; then
            JAVA_HOME=$candidate
            export JAVA_HOME
            return 0
        fi
    done
    echo "$(basename "$0"): needs a JDK 25 or later, and found none; install one, or set JAVA_HOME to it" >&2
    exit 1
}

need_maven() {
    if ! command -v mvn >/dev/null 2>&1; then
        echo "$(basename "$0"): needs Maven 3.8 or later (the command mvn), and found none" >&2
        exit 1
    fi
}
