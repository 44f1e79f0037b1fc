"""The wizard's decisions: its pages and fields, what is wrong with a draft, and what a button does. Views only ask."""
