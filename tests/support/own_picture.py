"""A routine with a picture of its own."""

FEET = """
format: voiceguide/1
id: feet
name: foot massage
summary: Two minutes for tired feet.
safety: Leave sore places alone.
picture:
  outline:
    - M150,30 C180,60 170,230 150,270
    - M90,30 C60,60 70,230 90,270
  region:
    feet: ["M150,30 C180,60 170,230 150,270 Z", "M90,30 C60,60 70,230 90,270 Z"]
  place:
    heel: [35, 260]
    ball of the foot: [40, 90]
    toes: [38, 40]
section:
  - name: soles
    region: feet
    step:
      - name: long strokes
        say: Glide from the heel to the toes.
        stroke: {count: 5, seconds: 4 s, side: left then right, path: heel → toes, pressure: firm}
      - name: circles
        say: Draw circles on the ball of each foot.
        stroke: {count: 5, seconds: 2 s, path: circles on the ball of the foot}
      - name: chin
        say: Touch your chin.
        stroke: {count: 1, seconds: 4 s, path: chin → ear}
"""
