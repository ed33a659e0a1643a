#!/usr/bin/env bash
# A Slurm cluster of one node on loopback, without systemd, for tests: `cluster.sh start DIR` and `cluster.sh stop DIR`.
# Needs Debian's slurm-wlm and munge, and root (munge and slurmd want it). Everything it writes is below DIR.
set -euo pipefail

dir=$2
state=$dir/state

start() {
  mkdir -p "$state/ctld" "$state/d" "$state/munge"
  chown munge: "$state/munge"
  chmod 755 "$dir" "$state" "$state/munge"
  if [ ! -s /etc/munge/munge.key ]; then
    dd if=/dev/urandom of=/etc/munge/munge.key bs=1 count=1024 status=none
    chown munge: /etc/munge/munge.key
    chmod 400 /etc/munge/munge.key
  fi
  runuser -u munge -- munged --socket="$state/munge/socket" --pid-file="$state/munge/pid" \
    --log-file="$state/munge/log" --seed-file="$state/munge/seed" >/dev/null 2>&1
  cat >"$dir/slurm.conf" <<CONF
ClusterName=test
SlurmctldHost=$(hostname -s)(127.0.0.1)
SlurmctldPort=16817
SlurmdPort=16818
AuthType=auth/munge
AuthInfo=socket=$state/munge/socket
CredType=cred/munge
SlurmUser=root
SlurmdUser=root
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
SwitchType=switch/none
MpiDefault=none
ReturnToService=2
StateSaveLocation=$state/ctld
SlurmdSpoolDir=$state/d
SlurmctldPidFile=$state/ctld.pid
SlurmdPidFile=$state/d.pid
SlurmctldLogFile=$state/ctld.log
SlurmdLogFile=$state/d.log
MinJobAge=600
KillWait=10
NodeName=$(hostname -s) NodeAddr=127.0.0.1 CPUs=$(nproc) State=UNKNOWN
PartitionName=test Nodes=ALL Default=YES MaxTime=INFINITE State=UP
CONF
  export SLURM_CONF=$dir/slurm.conf
  slurmctld >/dev/null 2>&1
  slurmd >/dev/null 2>&1
  for _ in $(seq 100); do
    if sinfo --noheader --format=%t 2>/dev/null | grep -q idle; then return 0; fi
    sleep 0.2
  done
  echo "the node did not become idle" >&2
  tail -n 20 "$state/ctld.log" "$state/d.log" >&2
  return 1
}

stop() {
  for pid in "$state/d.pid" "$state/ctld.pid" "$state/munge/pid"; do
    if [ -s "$pid" ]; then kill "$(cat "$pid")" 2>/dev/null || true; fi
  done
}

"$1"
