# Sourced by ./mvnw and ./culvert (POSIX sh, globbing on, any cwd): leaves JAVA_HOME exported and
# pointing at a JDK of version 25 or newer, or prints one line on stderr and exits 1.
# The version is read from the JDK's `release` file, so that a start costs no extra JVM.

culvert_jdk_min=25

culvert_is_jdk() {
  [ -n "$1" ] && [ -x "$1/bin/javac" ] || return 1
  culvert_v=$(sed -n 's/^JAVA_VERSION="\([0-9][0-9]*\).*/\1/p' "$1/release" 2>/dev/null || :)
  if [ -z "$culvert_v" ]; then
    culvert_v=$("$1/bin/java" -XshowSettings:properties -version 2>&1 |
      sed -n 's/^ *java\.specification\.version = \([0-9][0-9]*\).*/\1/p')
  fi
  [ "${culvert_v:-0}" -ge "$culvert_jdk_min" ]
}

culvert_find_jdk() {
  for culvert_d in \
    "${JAVA_HOME-}" \
    "${JDK25_HOME-}" \
    /usr/lib/jvm/*25* \
    "${SDKMAN_DIR:-${HOME-}/.sdkman}"/candidates/java/25* \
    /Library/Java/JavaVirtualMachines/*25*/Contents/Home \
    "${HOME-}"/Library/Java/JavaVirtualMachines/*25*/Contents/Home \
    /opt/homebrew/opt/openjdk@25/libexec/openjdk.jdk/Contents/Home; do
    if culvert_is_jdk "$culvert_d"; then
      JAVA_HOME=$culvert_d
      return 0
    fi
  done
  # Last, because it starts a JVM: the java on the PATH.
  culvert_d=$(java -XshowSettings:properties -version 2>&1 </dev/null |
    sed -n 's/^ *java\.home = //p')
  if culvert_is_jdk "$culvert_d"; then
    JAVA_HOME=$culvert_d
    return 0
  fi
  return 1
}

if culvert_find_jdk; then
  export JAVA_HOME
else
  echo "culvert: needs a JDK $culvert_jdk_min or newer and found none: set JAVA_HOME or JDK25_HOME to its folder (also looked at /usr/lib/jvm/*25*, SDKMAN, macOS's places and the PATH)" >&2
  exit 1
fi
