"""Tests of the live pickers."""
