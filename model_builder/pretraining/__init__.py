"""What is learnt without emotion labels: front end, masked prediction, layer distillation."""
