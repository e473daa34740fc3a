"""What the comparisons of this folder share: values side by side, and the logs as pm4py wants to be asked."""
