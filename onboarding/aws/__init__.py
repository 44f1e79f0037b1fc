"""The only door to boto3: assumed-role sessions, time-outs, the gate before each call, and what AWS's errors mean."""
