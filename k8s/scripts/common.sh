# shellcheck shell=bash
# For the scripts beside this file: settings, names, and kubectl as they want it.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
jobs=$root/k8s/jobs
made=$root/build/k8s # what the scripts write
settings_file=${SETTINGS:-$jobs/settings.env}

say() { echo "k8s: $*" >&2; }
die() { say "$*"; exit 1; }

# --- settings ------------------------------------------------------------------
# Those of the scripts themselves; all others are the scenario's.
own_settings=" NAMESPACE CONTEXT DOCKERHUB_USERNAME CUSTOM_IMAGE_TAG IMG SCENARIO ARGS API_ACCESS MONITOR GS_BUCKET_NAME TEST_METADATA "

# The lines NAME=VALUE of the file, without comments and without quotes around values.
settings() {
  [ -f "$settings_file" ] || return 0
  awk -v file="$settings_file" '
    /^[ \t]*(#|$)/ { next }
    !/^[ \t]*(export[ \t]+)?[A-Za-z_][A-Za-z0-9_]*=/ {
      printf "k8s: %s:%d: not NAME=VALUE: %s\n", file, NR, $0 > "/dev/stderr"
      exit 1
    }
    {
      sub(/^[ \t]*(export[ \t]+)?/, ""); sub(/[ \t\r]+$/, "")
      name = substr($0, 1, index($0, "=") - 1); value = substr($0, index($0, "=") + 1)
      if (value ~ /^".*"$/ || value ~ /^\047.*\047$/) value = substr(value, 2, length(value) - 2)
      print name "=" value
    }' "$settings_file"
}

# Takes the scripts' own settings from the file, where make or the environment does not say them.
load_settings() {
  local all line name
  all=$(settings) || exit 1
  while IFS= read -r line; do
    name=${line%%=*}
    if [[ $own_settings == *" $name "* ]] && [ -z "${!name:-}" ]; then printf -v "$name" %s "${line#*=}"; fi
  done <<<"$all"
}
load_settings
namespace=${NAMESPACE:-seldon-mesh}

# --- the image --------------------------------------------------------------------
# The name that is asked for, else that of the image which make has made or pushed last.
image() {
  if [ -n "${IMG:-}" ]; then echo "$IMG"
  elif [ -n "${DOCKERHUB_USERNAME:-}" ]; then echo "$DOCKERHUB_USERNAME/perigee:${CUSTOM_IMAGE_TAG:-latest}"
  elif [ -n "${CUSTOM_IMAGE_TAG:-}" ]; then echo "localhost/perigee:$CUSTOM_IMAGE_TAG"
  elif [ -f "$made/image" ]; then cat "$made/image"
  else echo localhost/perigee:latest
  fi
}

# The image as kustomize wants it: NAME, NAME:TAG and NAME@DIGEST, where NAME may hold the port of a registry.
image_layer() {
  local name tag=""
  name=$(image)
  printf 'images:\n- name: perigee\n'
  case $name in
    *@*) printf '  newName: %s\n  digest: %s\n' "${name%@*}" "${name#*@}"; return ;;
  esac
  [[ ${name##*/} != *:* ]] || { tag=${name##*:}; name=${name%:*}; }
  printf '  newName: %s\n  newTag: "%s"\n' "$name" "${tag:-latest}"
}

remember_image() { mkdir -p "$made" && image >"$made/image.part" && mv "$made/image.part" "$made/image"; }

# image_tool NAME...: docker where its daemon answers, else the first of these that is here.
image_tool() {
  local name
  if command -v docker >/dev/null && docker info >/dev/null 2>&1; then
    echo docker
    return
  fi
  for name in "$@"; do
    if command -v "$name" >/dev/null; then
      echo "$name"
      return
    fi
  done
  die "there is neither a running docker nor $1: apt-get install $1"
}

# --- the cluster ---------------------------------------------------------------------
kube() {
  local words=("${KUBECTL:-kubectl}" --namespace "$namespace")
  [ -z "${CONTEXT:-}" ] || words+=(--context "$CONTEXT")
  "${words[@]}" "$@"
}

# Ends the script with the reason where there is no cluster, no right to use it, or no such namespace.
need_cluster() {
  local error
  command -v "${KUBECTL:-kubectl}" >/dev/null || die "there is no kubectl here: see https://kubernetes.io/docs/tasks/tools"
  error=$(kube get serviceaccount default --request-timeout=10s -o name 2>&1 >/dev/null) && return
  case $error in
    *NotFound*) kube get namespace "$namespace" --request-timeout=10s >/dev/null 2>&1 ||
      die "there is no namespace $namespace: say which as NAMESPACE=..., or kubectl create namespace $namespace" ;;
    *) die "the cluster of context ${CONTEXT:-$("${KUBECTL:-kubectl}" config current-context 2>/dev/null || echo "(none)")} cannot be used: ${error##*$'\n'}" ;;
  esac
}

# --- tests ------------------------------------------------------------------------------
# test_named NAME: sets what k8s/jobs/tests says of it: loads, default_scenario, default_arguments; and prefix, which all
# its objects' names begin with.
# shellcheck disable=SC2034 # for those who source this
test_named() {
  local name
  while read -r name loads default_scenario default_arguments; do
    [ "$name" != "$1" ] || break
  done < <(grep -v '^#' "$jobs/tests")
  [ "$name" = "$1" ] || die "there is no test $1; there are: $(awk '!/^#/ { printf "%s ", $1 }' "$jobs/tests")"
  prefix=$(sed -n 's/^namePrefix: \(.*\)-$/\1/p' "$jobs/overlays/$1/kustomization.yaml")
  job=$prefix-perigee
  claim=$prefix-perigee-results
}

made_by_us() { echo "app.kubernetes.io/managed-by=perigee-jobs,app.kubernetes.io/instance=$prefix"; }

# The newest pod of the job, if there is one.
pod_of_job() {
  kube get pods -l "batch.kubernetes.io/job-name=$job" --sort-by=.metadata.creationTimestamp -o name | tail -1
}

# One JSON path of an object, empty where there is no such thing.
field() { kube get "$1" --ignore-not-found -o "jsonpath=$2"; }
