"""Decide functions, one phase a file: ``(context, state) -> events``. None changes state or knows another."""
